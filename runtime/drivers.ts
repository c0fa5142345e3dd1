import { InvalidVariable } from "./core/errors.ts";
import { readVariable } from "./os/environment.ts";
import { denoDriver } from "./reactor/deno/driver.ts";
import type { Driver } from "./reactor/driver.ts";
import { epollDriver } from "./reactor/epoll/driver.ts";

/** The drivers of real runtimes, by the names that people choose them with. */
export const DRIVERS = { deno: denoDriver, epoll: epollDriver } as const;

export type DriverName = keyof typeof DRIVERS;

/** Sets the driver of every runtime that is not told which. */
export const DRIVER_VARIABLE = "WAKEFUL_DRIVER";

/**
 * Makes the driver that the variable `WAKEFUL_DRIVER` names, `deno` or `epoll`; without it, or
 * without the permission to read it, the one over Deno's sockets.
 *
 * @throws {InvalidVariable} when it names no driver
 * @throws {DriverUnavailable} when that driver does not run here
 */
export function defaultDriver(): Driver {
  const name = readVariable(DRIVER_VARIABLE) ?? "deno";
  if (name === "deno" || name === "epoll") return DRIVERS[name]();
  throw new InvalidVariable(DRIVER_VARIABLE, name, "deno or epoll");
}
