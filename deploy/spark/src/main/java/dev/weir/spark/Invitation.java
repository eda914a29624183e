package dev.weir.spark;

import java.io.Serializable;
import java.util.Map;

/**
 * What a worker needs to take part; travels with Spark's tasks, so it is as secret as those.
 *
 * @param address where the coordinator listens, as seen from the executors
 * @param token lets workers in
 * @param certificates the worker's certificate, its key and the authority: contents by file name
 * @param hasData whether the files of the job's data are among the files that Spark has sent
 * @param heap of the worker's JVM, as after -Xmx
 */
record Invitation(
    String address, String token, Map<String, byte[]> certificates, boolean hasData, String heap)
    implements Serializable {

  @Override
  public String toString() {
    return address; // Nothing else is for logs.
  }
}
