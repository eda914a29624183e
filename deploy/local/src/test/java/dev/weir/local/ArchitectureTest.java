package dev.weir.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

/** The lines of the house. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("dev.weir");

  /** Rooms of common, lowest first: a room may use only the rooms before it. */
  private static final String[] ROOMS = {
    "problem",
    "process",
    "parameter",
    "mask",
    "sum",
    "optimizer",
    "state",
    "job",
    "model",
    "data",
    "fisher",
    "evaluation",
    "task",
    "tls",
    "wire",
    "reduction",
    "cli"
  };

  @Test
  void coordinatorAndWorkerNeverSeeEachOther() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("coordinator")
        .definedBy("dev.weir.coordinator..")
        .layer("worker")
        .definedBy("dev.weir.worker..")
        .layer("local")
        .definedBy("dev.weir.local..")
        .whereLayer("coordinator")
        .mayOnlyBeAccessedByLayers("local")
        .whereLayer("worker")
        .mayOnlyBeAccessedByLayers("local")
        .whereLayer("local")
        .mayNotBeAccessedByAnyLayer()
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.weir.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyModelDataAndFisherKnowTheEngine() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.weir.model..", "dev.weir.data..", "dev.weir.fisher..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .check(CLASSES);
  }

  @Test
  void onlyWireAndRpcKnowTheTransport() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.weir.wire..", "dev.weir..rpc..", "dev.weir.proto..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..")
        .check(CLASSES);
  }

  @Test
  void theMembershipIsPure() {
    noClasses()
        .that()
        .resideInAPackage("dev.weir.coordinator.membership..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io..", "java.nio..", "java.util.concurrent..", "java.net..", "org.slf4j..")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(CLASSES);
  }

  @Test
  void roomsUseOnlyRoomsBeforeThem() {
    for (int room = 0; room < ROOMS.length; room++) {
      String[] later = new String[ROOMS.length - room - 1];
      for (int i = 0; i < later.length; i++) {
        later[i] = "dev.weir." + ROOMS[room + 1 + i] + "..";
      }
      if (later.length > 0) {
        noClasses()
            .that()
            .resideInAPackage("dev.weir." + ROOMS[room] + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(later)
            .check(CLASSES);
      }
    }
  }
}
