package dev.weir.data;

/**
 * A labelled text.
 *
 * @param text not blank
 * @param label index of its class in {@link Dataset#classes()}
 * @param group what it shares with others so closely that they belong on one side of the split
 */
public record Example(String text, int label, String group) {}
