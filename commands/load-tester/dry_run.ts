import { type Co, random, TimedOut, timeout } from "../../runtime/mod.ts";
import { HttpConnection, type HttpResponse, RequestFailed } from "../../net/mod.ts";
import { EXIT_OK, RuntimeFailure } from "../cli/errors.ts";
import type { Terminal } from "../cli/terminal.ts";
import { dial } from "./load/open_line.ts";
import { clientOptions, type Setup } from "./load/setup.ts";
import { RequestError } from "./measure/failure_class.ts";
import { bytes } from "./report/figures.ts";

const MOST_SHOWN = 4_096;
const REQUEST_MARK = "> ";
const ANSWER_MARK = "< ";

/** `--dry-run`: one request to the first URL, shown with its answer, as `curl -v` does. */
export function* dryRun(setup: Setup, terminal: Terminal): Co<number> {
  const { targets: [target] } = clientOptions(setup);
  const request = target.request({ seq: 1, random: random() });
  const whole = [...request.bytes, ...request.rest ?? []];
  show(REQUEST_MARK, new Uint8Array(whole), terminal);
  try {
    const transport = yield* dial(target.origin, setup);
    using connection = HttpConnection.over(transport);
    const response = yield* timeout(setup.timeout, connection.request(request), "an answer");
    showHead(response, terminal);
    const body = yield* timeout(setup.timeout, response.body.bytes(), "an answer");
    show(ANSWER_MARK, body, terminal);
    return EXIT_OK;
  } catch (error) {
    const isExpected = error instanceof RequestError || error instanceof RequestFailed ||
      error instanceof TimedOut;
    if (isExpected) throw new RuntimeFailure(error.message, { cause: error });
    throw error;
  }
}

function showHead({ head }: HttpResponse, terminal: Terminal): void {
  terminal.out(`${ANSWER_MARK}HTTP/${head.version} ${head.status} ${head.reason}`.trimEnd());
  for (const [name, value] of head.fields) terminal.out(`${ANSWER_MARK}${name}: ${value}`);
  terminal.out(ANSWER_MARK.trimEnd());
}

/** Text as lines; what is no text, or too much, is told by its size. */
function show(mark: string, content: Uint8Array, terminal: Terminal): void {
  if (content.length === 0) return;
  const text = asText(content.subarray(0, MOST_SHOWN));
  if (text === undefined) return terminal.out(`${mark}(${bytes(content.length)}, no text)`);
  for (const line of text.split(/\r?\n/)) terminal.out((mark + line).trimEnd());
  const more = content.length - MOST_SHOWN;
  if (more > 0) terminal.out(`${mark}(${bytes(more)} more)`);
}

function asText(content: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(content);
  // deno-lint-ignore no-control-regex -- what a terminal would take for a command
  return /[\x00-\x08\x0e-\x1f\x7f-\x9f]/.test(text) ? undefined : text;
}
