/** What the parsers are given: the same bytes for each. */

export interface Input {
  name: string;
  title: string;
  side: "request" | "response";
  /** One message; a piece has as many as fit. */
  message: string;
}

const lines = (...all: string[]) => all.join("\r\n") + "\r\n\r\n";

export const inputs: Input[] = [
  {
    name: "responses",
    title: "small responses, pipelined",
    side: "response",
    message: lines(
      "HTTP/1.1 200 OK",
      "Server: nginx/1.22.1",
      "Date: Fri, 20 Nov 2026 10:00:00 GMT",
      "Content-Type: text/plain",
      "Content-Length: 13",
      "Connection: keep-alive",
    ) + "Hello, World!",
  },
  {
    name: "requests",
    title: "a browser's requests, pipelined",
    side: "request",
    message: lines(
      "GET /wp-content/uploads/2010/03/hello-kitty-darth-vader-pink.jpg HTTP/1.1",
      "Host: www.kittyhell.com",
      "User-Agent: Mozilla/5.0 (Macintosh; U; Intel Mac OS X 10.6; ja-JP-mac; rv:1.9.2.3) " +
        "Gecko/20100401 Firefox/3.6.3 Pathtraq/0.9",
      "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
      "Accept-Language: ja,en-us;q=0.7,en;q=0.3",
      "Accept-Encoding: gzip,deflate",
      "Accept-Charset: Shift_JIS,utf-8;q=0.7,*;q=0.7",
      "Connection: keep-alive",
      "Cookie: wp_ozh_wsa_visits=2; wp_ozh_wsa_visit_lasttime=xxxxxxxxxx; " +
        "__utma=xxxxxxxxx.xxxxxxxxxx.xxxxxxxxxx.xxxxxxxxxx.xxxxxxxxxx.x; " +
        "__utmz=xxxxxxxxx.xxxxxxxxxx.x.x.utmccn=(referral)|utmcsr=reader.livedoor.com|utmcct=/reader/|utmcmd=referral",
    ),
  },
  {
    name: "chunked",
    title: "responses in two chunks, pipelined",
    side: "response",
    message: lines("HTTP/1.1 200 OK", "Content-Type: text/plain", "Transfer-Encoding: chunked") +
      `7\r\nHello, \r\n40\r\n${"x".repeat(64)}\r\n0\r\n\r\n`,
  },
];
