package dev.weir.job;

/**
 * The rule that turns a gradient into an update.
 *
 * @param name the rule
 * @param learningRate at the end of the warm-up
 * @param weightDecay decoupled for AdamW; in each step a share of learning rate times this decays
 * @param beta1 decay of AdamW's first moment, in [0, 1)
 * @param beta2 decay of AdamW's second moment, in [0, 1)
 * @param epsilon added to the root of AdamW's second moment
 * @param momentum decay of SGD's momentum, in [0, 1)
 * @param nesterov whether SGD looks ahead along its momentum
 */
public record OptimizerSection(
    @Default("adamw") @Doc("The rule that turns a gradient into an update.") OptimizerName name,
    @Default("1e-3") @Range("(0, ∞)") @Doc("Learning rate at the end of the warm-up.")
        double learningRate,
    @Default("0") @Range("[0, ∞)") @Doc("Weight decay of the trained values.") double weightDecay,
    @Default("0.9") @Range("[0, 1)") @Doc("`adamw`: decay of the first moment.") double beta1,
    @Default("0.999") @Range("[0, 1)") @Doc("`adamw`: decay of the second moment.") double beta2,
    @Default("1e-8") @Range("(0, 1]") @Doc("`adamw`: added to the root of the second moment.")
        double epsilon,
    @Default("0.9") @Range("[0, 1)") @Doc("`sgd`: decay of the momentum.") double momentum,
    @Default("true") @Doc("`sgd`: whether to look ahead along the momentum (Nesterov).")
        boolean nesterov) {}
