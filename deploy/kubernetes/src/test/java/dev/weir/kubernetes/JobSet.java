package dev.weir.kubernetes;

import io.kubernetes.client.openapi.models.V1JobTemplateSpec;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.List;

/**
 * The part of {@code jobset.x-k8s.io/v1alpha2} that the manifests use, as the typed client needs
 * it.
 */
public final class JobSet {
  public String apiVersion;
  public String kind;
  public V1ObjectMeta metadata;
  public Spec spec;

  /** What shall be. */
  public static final class Spec {
    public Network network;
    public SuccessPolicy successPolicy;
    public FailurePolicy failurePolicy;
    public boolean suspend;
    public List<ReplicatedJob> replicatedJobs;
  }

  /** Whether pods have names of their own. */
  public static final class Network {
    public boolean enableDNSHostnames;
  }

  /** When it has succeeded. */
  public static final class SuccessPolicy {
    public String operator;
    public List<String> targetReplicatedJobs;
  }

  /** How often all of it starts again. */
  public static final class FailurePolicy {
    public int maxRestarts;
  }

  /** A job of the set. */
  public static final class ReplicatedJob {
    public String name;
    public int replicas;
    public V1JobTemplateSpec template;
  }
}
