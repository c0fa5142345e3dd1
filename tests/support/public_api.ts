import { ROOT } from "./source_files.ts";

/** A public function, or a public method as `Class.method`. */
export interface PublicFunction {
  readonly name: string;
  /** The name of the type it returns, without its parameters. */
  readonly returns: string;
  readonly doc: string;
}

export interface PublicClass {
  readonly name: string;
  /** The name of the class it extends. */
  readonly base: string | undefined;
  readonly doc: string;
}

/** What modules export. */
export interface PublicApi {
  readonly functions: readonly PublicFunction[];
  readonly classes: readonly PublicClass[];
}

/** What `deno doc --json` tells of one export or method, as far as it matters here. */
interface Documented {
  readonly name: string;
  readonly jsDoc?: { readonly doc?: string };
}

interface FunctionDef {
  readonly returnType?: { readonly repr: string };
}

interface Method extends Documented {
  readonly accessibility?: string | null;
  readonly functionDef: FunctionDef;
}

interface Declaration extends Documented {
  readonly kind: string;
  readonly def: FunctionDef & { readonly extends?: string; readonly methods?: readonly Method[] };
}

/** Reads the exports of modules, by path from the root, as `deno doc` understands them. */
export async function publicApi(...modules: string[]): Promise<PublicApi> {
  const declarations = await documented(modules);
  const classes = declarations.filter(({ kind }) => kind === "class");
  const functions = declarations.filter(({ kind }) => kind === "function")
    .map((declaration) => publicFunction(declaration.name, declaration, declaration.def));
  const methods = classes.flatMap(({ name, def }) =>
    (def.methods ?? []).filter(({ accessibility }) => !accessibility)
      .map((method) => publicFunction(`${name}.${method.name}`, method, method.functionDef))
  );
  return {
    functions: [...functions, ...methods],
    classes: classes.map(({ name, jsDoc, def }) => {
      return { name, base: def.extends, doc: jsDoc?.doc ?? "" };
    }),
  };
}

function publicFunction(name: string, { jsDoc }: Documented, def: FunctionDef): PublicFunction {
  return { name, returns: def.returnType?.repr ?? "", doc: jsDoc?.doc ?? "" };
}

async function documented(modules: readonly string[]): Promise<Declaration[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", ...modules],
    cwd: ROOT,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return declarationsIn(JSON.parse(new TextDecoder().decode(stdout)));
}

/** Deno 2.6 tells everything in one list; later ones tell it by module, then by name. */
function declarationsIn({ nodes }: { nodes: unknown }): Declaration[] {
  if (Array.isArray(nodes)) {
    return nodes.map((node) => ({ ...node, def: node[`${node.kind}Def`] ?? {} }));
  }
  return Object.values(nodes as Record<string, { symbols: readonly RawSymbol[] }>)
    .flatMap(({ symbols }) => symbols)
    .flatMap(({ name, declarations }) =>
      declarations.map((each) => ({ ...each, name, def: each.def ?? {} }))
    );
}

interface RawSymbol {
  readonly name: string;
  readonly declarations: readonly (Omit<Declaration, "def"> & Partial<Declaration>)[];
}
