package dev.weir.model;

/**
 * What a forward and backward pass came to.
 *
 * @param loss the scaled, summed loss
 * @param computeNs time of forward and backward
 * @param gatherNs time of bringing the selected values of the gradient to the host
 */
public record GradientReport(double loss, long computeNs, long gatherNs) {}
