import { denoDriver, type Driver, READABLE, type SignalName } from "wakeful/runtime";
import { FakeSource } from "./fake_driver.ts";

/**
 * Deno's driver with signals in the test's hands. Real ones go to the whole process, and so to
 * every test that runs beside.
 */
export class FakeSignals {
  #sources = new Map<SignalName, FakeSource>();

  driver(): Driver {
    const driver = denoDriver();
    driver.signal = (name, registrar) => {
      const source = new FakeSource(registrar, READABLE);
      this.#sources.set(name, source);
      return source;
    };
    return driver;
  }

  send(name: SignalName): void {
    this.#sources.get(name)!.happen();
  }
}
