/** Says over which driver a runtime runs that was not told which, or why there is none. */

import { type Driver, Runtime } from "wakeful/runtime";
import { defaultDriver } from "../../runtime/drivers.ts";

const drivers: Driver[] = [];

try {
  await using runtime = Runtime.builder().enableAll().build();
  await runtime.spawn(function* () {});
  drivers.push(defaultDriver());
  console.log(drivers[0].name);
} catch (error) {
  console.log(error instanceof Error ? `${error.name}: ${error.message}` : error);
}
for (const driver of drivers) await driver.close();
