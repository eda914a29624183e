package dev.weir.model;

/**
 * Layer normalisation: y = γ · (x − mean) / √(variance + ε) + β.
 *
 * @param gain γ
 * @param bias β
 */
record Norm(Parameter gain, Parameter bias) {}
