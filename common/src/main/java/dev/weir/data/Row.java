package dev.weir.data;

/**
 * A row of a user's file.
 *
 * @param place file and line, for messages
 * @param text not blank, without white space at its ends
 * @param label not blank, without white space at its ends
 */
record Row(String place, String text, String label) {}
