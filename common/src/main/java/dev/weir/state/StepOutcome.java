package dev.weir.state;

/**
 * What a step came to.
 *
 * @param applied whether there was an update; false if the gradient was not finite
 * @param gradientNorm Euclidean norm of the step's gradient before clipping; with local steps, of
 *     the combined difference
 * @param learningRate learning rate of the step; with local steps, of the outer one
 */
public record StepOutcome(boolean applied, double gradientNorm, float learningRate) {}
