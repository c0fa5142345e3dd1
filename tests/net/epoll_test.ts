import { epollDriver, Runtime } from "wakeful/runtime";
import { conformance } from "./conformance.ts";
import { datagramConformance } from "./datagram_conformance.ts";
import { overTcp } from "./over_tcp.ts";
import { overUnix } from "./over_unix.ts";

// The C library is loaded once for the whole process: here, so that it is no test's leak.
await epollDriver().close();

const onEpoll = () => Runtime.builder().driver(epollDriver).enableAll().build();

conformance("TCP on epoll", onEpoll, overTcp);
conformance("Unix on epoll", onEpoll, overUnix);
datagramConformance("UDP on epoll", onEpoll);
