/** The one whose figures are judged. */
export const OURS = "wakeful";

/** The key of the one figure in a sample. */
export const METRIC = "value";
