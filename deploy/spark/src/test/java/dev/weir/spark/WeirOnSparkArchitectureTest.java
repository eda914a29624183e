package dev.weir.spark;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import dev.weir.cli.Cli;
import dev.weir.cli.JoinToken;
import org.junit.jupiter.api.Test;

/** What runs inside Spark's JVMs needs nothing of Weir's libraries but what assembly.xml lists. */
class WeirOnSparkArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("dev.weir");

  private static final DescribedPredicate<JavaClass> IN_THE_JAR =
      resideInAnyPackage("dev.weir.spark..", "dev.weir.problem..", "dev.weir.process..")
          .or(belongToAnyOf(Cli.class, JoinToken.class))
          .or(name("dev.weir.cli.FileTrouble"));

  private static final DescribedPredicate<JavaClass> OF_SPARK_JAVA_OR_PICOCLI =
      resideInAnyPackage(
          "java..",
          "javax.management..",
          "scala..",
          "picocli..",
          "org.apache.spark..",
          "org.apache.commons.io..",
          "org.slf4j..",
          "com.fasterxml.jackson.databind..",
          "org.jspecify.annotations..",
          "");

  @Test
  void theJarHoldsWhatItNeeds() {
    classes()
        .that(IN_THE_JAR)
        .should()
        .onlyDependOnClassesThat(IN_THE_JAR.or(OF_SPARK_JAVA_OR_PICOCLI))
        .check(CLASSES);
  }
}
