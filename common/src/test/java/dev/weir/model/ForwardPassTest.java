package dev.weir.model;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ForwardPassTest {
  private static final DescribedPredicate<JavaMethodCall> TAKES_NUMBER =
      new DescribedPredicate<>("an array is combined with a java.lang.Number") {
        @Override
        public boolean test(JavaMethodCall call) {
          return call.getTargetOwner().isAssignableTo(NDArray.class)
              && call.getTarget().getRawParameterTypes().stream()
                  .anyMatch(type -> type.isEquivalentTo(Number.class));
        }
      };

  @Test
  void arraysAreNeverCombinedWithNumbers() {
    noClasses()
        .should()
        .callMethodWhere(TAKES_NUMBER)
        .because("the engine frees the number's buffer before the backward pass reads it")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.weir.model"));
  }
}
