/** What a parser has come to. */
export type ParserEvent =
  /** It needs another piece. */
  | "more"
  /** `head` is whole. */
  | "head"
  /** `body` lends some bytes of the body. */
  | "body"
  /** The message is over, its trailers are in `trailers`. */
  | "end"
  /** The connection carries no more messages of this side: what follows is not looked at. */
  | "closed"
  /** From here on the connection speaks something else: what follows is not looked at. */
  | "tunnel";

/** Where in a message the next byte stands, in the words of RFC 9112. */
export type ParserState =
  | "start-line"
  | "field-line"
  | "fixed-body"
  | "chunk-size"
  | "chunk-data"
  | "chunk-cr"
  | "chunk-lf"
  | "trailer-line"
  | "body-until-close"
  | "message-end"
  | "closed"
  | "tunnel"
  | "failed";
