package dev.weir.model;

import java.util.Map;

/**
 * What Weir takes from an ONNX file: the initializers, and which of them each matrix product
 * multiplies with.
 *
 * @param tensors by name
 * @param factors name of a MatMul node → name of its second input. Exporters fold the transpose of
 *     a linear layer's weight into an initializer without a name of its own, so that only the node
 *     still says which layer it belongs to.
 */
record OnnxGraph(Map<String, OnnxTensor> tensors, Map<String, String> factors) {}
