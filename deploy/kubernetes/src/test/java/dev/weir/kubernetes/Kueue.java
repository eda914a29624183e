package dev.weir.kubernetes;

import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.models.V1LabelSelector;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.List;

/**
 * The part of {@code kueue.x-k8s.io/v1beta2} that the manifests use, as the typed client needs it.
 */
final class Kueue {
  private Kueue() {}

  /** A queue of a namespace. */
  public static final class LocalQueue {
    public String apiVersion;
    public String kind;
    public V1ObjectMeta metadata;
    public LocalQueueSpec spec;
  }

  /** Where its workloads are admitted. */
  public static final class LocalQueueSpec {
    public String clusterQueue;
  }

  /** Quotas. */
  public static final class ClusterQueue {
    public String apiVersion;
    public String kind;
    public V1ObjectMeta metadata;
    public ClusterQueueSpec spec;
  }

  /** For whom, and of what. */
  public static final class ClusterQueueSpec {
    public V1LabelSelector namespaceSelector;
    public List<ResourceGroup> resourceGroups;
  }

  /** Resources that are counted together. */
  public static final class ResourceGroup {
    public List<String> coveredResources;
    public List<Flavor> flavors;
  }

  /** Quotas of one flavor. */
  public static final class Flavor {
    public String name;
    public List<Resource> resources;
  }

  /** A quota. */
  public static final class Resource {
    public String name;
    public Quantity nominalQuota;
  }

  /** A kind of nodes. */
  public static final class ResourceFlavor {
    public String apiVersion;
    public String kind;
    public V1ObjectMeta metadata;
  }
}
