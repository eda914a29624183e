package dev.weir.job;

/**
 * The outer step of local steps.
 *
 * @param combine how differences become an update
 * @param learningRate of {@code nesterov}
 * @param momentum of {@code nesterov}, in [0, 1)
 */
public record OuterSection(
    @Default("mean")
        @Doc(
            "How the replicas are combined: their `mean`, the `sum` of all that they have moved, or"
                + " the mean as a gradient followed with momentum (`nesterov`, as in DiLoCo). Only"
                + " allowed with `everySteps` above 1.")
        Combination combine,
    @Default("0.7")
        @Range("(0, ∞)")
        @Doc("`nesterov`: learning rate of the outer step. Only allowed there.")
        double learningRate,
    @Default("0.9") @Range("[0, 1)") @Doc("`nesterov`: decay of the momentum. Only allowed there.")
        double momentum) {}
