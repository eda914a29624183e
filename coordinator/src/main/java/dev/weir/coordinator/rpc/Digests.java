package dev.weir.coordinator.rpc;

/**
 * What coordinator and worker must have alike, as SHA-256 in lower-case hexadecimal.
 *
 * @param model of the base model
 * @param data of the data
 * @param mask of the trained coordinates
 */
public record Digests(String model, String data, String mask) {}
