import { assert, assertEquals } from "../../../support/assert.ts";
import { withService } from "../service_rig.ts";

Deno.test("openapi: what is served is described, and what is described is served", () =>
  withService({}, function* (rig) {
    const { body } = yield* rig.ask("GET", "/openapi.json");
    const described = Object.entries<object>(body.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`)
    );
    const served = rig.api.routes.map(({ method, path }) => `${method} ${path}`);
    assertEquals(described.toSorted(), served.toSorted());
    for (const one of described) {
      const [method, path] = one.split(" ");
      if (path === "/events") continue; // it has no end
      const { status } = yield* rig.ask(method, path.replace("{id}", "1").replace("{name}", "n"));
      assert(status !== 405, one);
    }
  }));

Deno.test("openapi: every answer that tests of the calls have seen is described", () =>
  withService({}, function* (rig) {
    const { body } = yield* rig.ask("GET", "/openapi.json");
    const answers = (method: string, path: string) =>
      Object.keys(body.paths[path][method].responses).map(Number);
    for (const status of [200, 202, 400, 401, 408, 413, 415, 422, 503]) {
      assert(answers("post", "/jobs").includes(status), `${status}`);
    }
    assert(answers("post", "/jobs/{id}/ack").includes(409));
    assertEquals(answers("get", "/healthz").includes(401), false);
    assertEquals([body.paths["/healthz"].get.security, body.security], [[], [{ token: [] }]]);
    assertEquals(body.paths["/jobs/{id}"].get.parameters[0].in, "path");
    for (const { name, description } of body.paths["/dead"].get.parameters) {
      assert(description.length > 5, name);
    }
    const needsBody = (path: string) => body.paths[path].post.requestBody.required;
    assertEquals([needsBody("/jobs"), needsBody("/dead/retry")], [true, false]);
    assertEquals(
      body.paths["/jobs"].post.requestBody.content["application/json"].schema.oneOf.length,
      2,
    );
  }));
