/**
 * wakeful's runtime: futures, tasks, an executor, a reactor, timers.
 *
 * @module
 */

export { Random } from "./collections/random.ts";
export { showAddress } from "./core/address.ts";
export {
  Context,
  currentLoop,
  type Failure,
  type Loop,
  type Outcome,
  type Runnable,
  Timer,
  type Timers,
} from "./core/context.ts";
export * from "./core/errors.ts";
export { type Co, Future, pending, pollFn, ready } from "./core/future.ts";
export * from "./core/io.ts";
export { End, type Item, Pending, type Poll } from "./core/poll.ts";
export * from "./core/waker.ts";
export { Coroutine, intoFuture, type Spawnable } from "./task/coroutine.ts";
export { AbortOnDropHandle, JoinHandle } from "./task/join_handle.ts";
export { spawn } from "./task/spawn.ts";
export type { Ended, SpawnOptions } from "./task/task.ts";
export { TaskLocal } from "./task/task_local.ts";
export { yieldNow } from "./task/yield_now.ts";
export { type Clock, realClock } from "./time/clock.ts";
export { now } from "./time/now.ts";
export { advance, pause, resume } from "./time/pause.ts";
export { Sleep, sleep, sleepUntil } from "./time/sleep.ts";
export { timeout, timeoutAt } from "./time/timeout.ts";
export { CancellationToken, DropGuard } from "./cancel/cancellation_token.ts";
export { Shutdown, type ShutdownOptions, type ShutdownReport } from "./cancel/shutdown.ts";
export { TaskTracker } from "./cancel/task_tracker.ts";
export { shielded } from "./cancel/shielded.ts";
export { type Answer, settle } from "./patterns/settle.ts";
export { Actor, actor, type ActorOptions } from "./patterns/actor.ts";
export type { Contents, Message, Reply } from "./patterns/message.ts";
export {
  type ChannelOptions,
  Pipeline,
  pipeline,
  type PipelineSource,
  type StageOptions,
} from "./patterns/pipeline.ts";
export { FanOut, fanOut, type FanOutOptions, type FanOutOutcome } from "./patterns/fan_out.ts";
export { EventBus, type EventBusOptions, follow, type Follower } from "./patterns/event_bus.ts";
export { type Crash, RestartLimit } from "./patterns/restart_history.ts";
export { supervise } from "./patterns/supervisor.ts";
export type {
  ChildSpec,
  RestartKind,
  Strategy,
  SupervisorEvent,
  SupervisorOptions,
} from "./patterns/supervisor_options.ts";
export { broadcast, BroadcastReceiver, BroadcastSender } from "./sync/channel/broadcast.ts";
export { mpsc, unbounded } from "./sync/channel/mpsc.ts";
export { Receiver } from "./sync/channel/mpsc_receiver.ts";
export { Sender } from "./sync/channel/mpsc_sender.ts";
export { oneshot, OneshotReceiver, OneshotSender } from "./sync/channel/oneshot.ts";
export { SendPermit } from "./sync/channel/send_permit.ts";
export { watch, WatchReceiver, WatchSender } from "./sync/channel/watch.ts";
export { Interval, interval, type IntervalOptions, type MissedTicks } from "./time/interval.ts";
export { MovedOn, moveOnAfter, moveOnAt } from "./time/move_on.ts";
export { Barrier, type BarrierWaitResult } from "./sync/barrier.ts";
export { Mutex, MutexGuard } from "./sync/mutex.ts";
export { Notify } from "./sync/notify.ts";
export { OnceCell } from "./sync/once_cell.ts";
export { RwLock, RwLockReadGuard, RwLockWriteGuard } from "./sync/rw_lock.ts";
export { Permit, Semaphore } from "./sync/semaphore.ts";
export { byRef } from "./combine/by_ref.ts";
export { fuse } from "./combine/fuse.ts";
export { FuturesUnordered } from "./combine/futures_unordered.ts";
export { join, joinAll, type Joined, tryJoin, tryJoinAll } from "./combine/join.ts";
export { type Finished, JoinSet } from "./combine/join_set.ts";
export { map } from "./combine/map.ts";
export { type Branches, select, type Selected, type SelectOptions } from "./combine/select.ts";
export { race } from "./combine/race.ts";
export { Scope, scope } from "./combine/scope.ts";
export { Items } from "./stream/items.ts";
export { Stream } from "./stream/stream.ts";
export * as stream from "./stream/mod.ts";
export { fromPromise, type PromiseSource, toPromise } from "./interop/promise.ts";
export { random } from "./os/random.ts";
export { ctrlC, Signal, terminate } from "./os/signal.ts";
export type { Driver, Registrar } from "./reactor/driver.ts";
export { denoDriver } from "./reactor/deno/driver.ts";
export { epollDriver } from "./reactor/epoll/driver.ts";
export { Reactor } from "./reactor/reactor.ts";
export {
  allFields,
  type Field,
  type Fields,
  type SpanView,
  type TraceEvent,
} from "./trace/event.ts";
export { Registry } from "./reactor/registry.ts";
export { Filter } from "./trace/filter.ts";
export { type Format, json, lines, pretty } from "./trace/format.ts";
export { filtered, type Layer } from "./trace/layer.ts";
export { isLevel, type Level, LEVELS } from "./trace/level.ts";
export { LevelCounter } from "./trace/level_counter.ts";
export { Logger } from "./trace/logger.ts";
export { type RecordedEvent, RecordingLayer } from "./trace/recording_layer.ts";
export type { Span } from "./trace/span.ts";
export { Tracer, type TracerParts } from "./trace/tracer.ts";
export { blockOnSync, type BlockOnSyncOptions } from "./threads/block_on_sync.ts";
export { Parker } from "./threads/parker.ts";
export { Transfer, transfer } from "./threads/crossing.ts";
export { type Answered, Portable, portable } from "./threads/portable.ts";
export type { PoolTicket } from "./threads/pool_layout.ts";
export { PoolTask } from "./threads/pool_task.ts";
export { type Memory, SharedMemory } from "./threads/memory.ts";
export { EMPTY, LOST, StealDeque } from "./threads/steal_deque.ts";
export { RemoteHandle } from "./threads/remote_handle.ts";
export {
  type BlockingPoolOptions,
  spawnBlocking,
  type SpawnBlockingOptions,
} from "./threads/spawn_blocking.ts";
export type { ChannelTicket } from "./threads/channel_memory.ts";
export type { CodecName } from "./threads/codec.ts";
export { sharedChannel, type SharedChannelOptions } from "./threads/shared_channel.ts";
export { type SenderTicket, SharedReceiver } from "./threads/shared_receiver.ts";
export { SharedSender } from "./threads/shared_sender.ts";
export { aborted, type CurrentPool, currentPool } from "./threads/current_pool.ts";
export type { WorkerStatistics, WorkStealingPoolOptions } from "./threads/pool_options.ts";
export { WorkStealingPool } from "./threads/work_stealing_pool.ts";
export { blockOn, Handle, Runtime, type RuntimeStatistics, type TaskView } from "./runtime.ts";
export { RuntimeBuilder } from "./builder.ts";
export { DRIVER_VARIABLE, type DriverName, DRIVERS } from "./drivers.ts";
export { Thread, type ThreadOptions, type ThreadTask } from "./thread/thread.ts";
export { ThreadSelf } from "./thread/thread_self.ts";
