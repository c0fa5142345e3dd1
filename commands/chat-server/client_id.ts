/** Names one connection for ever: numbers are never given twice. */
export type ClientId = number;
