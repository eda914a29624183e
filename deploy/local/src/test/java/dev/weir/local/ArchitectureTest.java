package dev.weir.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The lines of the house. */
@AnalyzeClasses(packages = "dev.weir", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  /** Rooms of common, lowest first: a room may use only the rooms before it. */
  private static final String[] ROOMS = {
    "problem",
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
    "wire",
    "cli"
  };

  @ArchTest
  static final ArchRule coordinatorAndWorkerNeverSeeEachOther =
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
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("dev.weir.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyModelDataAndFisherKnowTheEngine =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.weir.model..", "dev.weir.data..", "dev.weir.fisher..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..");

  @ArchTest
  static final ArchRule onlyWireAndRpcKnowTheTransport =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.weir.wire..", "dev.weir..rpc..", "dev.weir.proto..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..");

  @ArchTest
  static final ArchRule theMembershipIsPure =
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
          .callMethod(System.class, "currentTimeMillis");

  @ArchTest
  static void roomsUseOnlyRoomsBeforeThem(JavaClasses classes) {
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
            .check(classes);
      }
    }
  }
}
