package dev.weir.model;

/** The parameters of one encoder layer, in the order of their use. */
record EncoderLayer(
    Linear query,
    Linear key,
    Linear value,
    Linear attentionOutput,
    Norm attentionNorm,
    Linear intermediate,
    Linear output,
    Norm outputNorm) {}
