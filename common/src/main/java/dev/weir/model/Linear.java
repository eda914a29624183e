package dev.weir.model;

/**
 * y = x·Wᵀ + b.
 *
 * @param weight {@code [out, in]}
 * @param bias {@code [out]}
 */
record Linear(Parameter weight, Parameter bias) {}
