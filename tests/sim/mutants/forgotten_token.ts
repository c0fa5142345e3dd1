import type { Driver, Registrar, StreamSource, Token } from "wakeful/runtime";
import { PlantedDriver, PlantedRegistrar } from "./planted_driver.ts";

/** Planted: the connection that broke under a read is never deregistered. */
export const forgottenToken = (inner: Driver): Driver => new Leaky(inner);

class Leaky extends PlantedDriver {
  #broken = new Set<Token>();

  protected override registrar(registrar: Registrar): Registrar {
    return new Forgetting(registrar, this.#broken);
  }

  protected override stream(source: StreamSource): StreamSource {
    const fill = source.tryFill.bind(source);
    source.tryFill = () => {
      try {
        return fill();
      } catch (error) {
        this.#broken.add(source.token);
        throw error;
      }
    };
    return source;
  }
}

class Forgetting extends PlantedRegistrar {
  #broken: ReadonlySet<Token>;

  constructor(inner: Registrar, broken: ReadonlySet<Token>) {
    super(inner);
    this.#broken = broken;
  }

  override deregister(token: Token): void {
    if (!this.#broken.has(token)) super.deregister(token);
  }
}
