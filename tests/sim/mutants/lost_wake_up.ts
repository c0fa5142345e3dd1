import type { Driver, Interest, Registrar, Token } from "wakeful/runtime";
import { PlantedDriver, PlantedRegistrar } from "./planted_driver.ts";

/**
 * Planted: a driver that has been told to end its rest takes no second event before it has done
 * so, as if the first one covered both.
 */
export const lostWakeUp = (inner: Driver): Driver => new Forgetful(inner);

class Forgetful extends PlantedDriver {
  #resting = false;
  #woken = false;

  override park(now: number, deadline: number, resume: () => void): void {
    [this.#resting, this.#woken] = [true, false];
    super.park(now, deadline, () => {
      this.#resting = false;
      resume();
    });
  }

  override unpark(): void {
    this.#woken ||= this.#resting;
    super.unpark();
  }

  protected override registrar(registrar: Registrar): Registrar {
    return new Losing(registrar, () => this.#resting && this.#woken);
  }
}

class Losing extends PlantedRegistrar {
  #loses: () => boolean;

  constructor(inner: Registrar, loses: () => boolean) {
    super(inner);
    this.#loses = loses;
  }

  override deliver(token: Token, interest: Interest): void {
    if (!this.#loses()) super.deliver(token, interest);
  }
}
