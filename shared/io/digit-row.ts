/** The digits network's outputs. */
export const DIGIT_LABELS = 10;

/** Numbers that the worker answers for each picture: a logit a digit, then how many digits were found. */
export const DIGIT_ROW = DIGIT_LABELS + 1;
