package dev.weir.bench.chaos;

/** What is done to a run. */
enum FaultType {
  /** {@code kill -9} of a worker, which is started again at once. */
  KILL(6, true, 500),
  /** SIGSTOP of a worker for longer than the failure timeout, then SIGCONT. */
  HANG(3, true, 2000),
  /** SIGSTOP of a worker for so short that it is not given up. */
  PAUSE(3, true, 0),
  /** A worker's connection is reset, and the next ones are, for a moment. */
  CUT(4, true, 500),
  /** Everything on a worker's connection is held up, for some seconds. */
  SLOW(3, true, 0),
  /** SIGTERM to a worker, which leaves in order; later another one joins. */
  LEAVE(2, true, 0),
  /** {@code kill -9} of the coordinator, which is started again at once. */
  COORDINATOR(0, false, 0);

  /** How often it is drawn, in relation to the others. */
  final int weight;

  final boolean ofWorker;

  /** Within how many milliseconds it must be noticed; 0 for no limit. */
  final int noticeMs;

  FaultType(int weight, boolean ofWorker, int noticeMs) {
    this.weight = weight;
    this.ofWorker = ofWorker;
    this.noticeMs = noticeMs;
  }

  String words() {
    return switch (this) {
      case KILL -> "worker killed (SIGKILL)";
      case HANG -> "worker hung (SIGSTOP for 2.5 to 5 s)";
      case PAUSE -> "worker paused (SIGSTOP for 0.3 to 1.2 s)";
      case CUT -> "worker's connection reset";
      case SLOW -> "worker's connection slowed";
      case LEAVE -> "worker leaves, another joins";
      case COORDINATOR -> "coordinator killed (SIGKILL)";
    };
  }
}
