package dev.weir.job;

/**
 * The learning rate over time, as a factor of the optimizer's.
 *
 * @param shape how it falls after the warm-up
 * @param warmup share of all steps in which it rises from zero, in [0, 1]
 */
public record ScheduleSection(
    @Default("linear")
        @Doc(
            "How the learning rate goes on after the warm-up: down to zero at the last step, or not.")
        ScheduleShape shape,
    @Default("0.06")
        @Range("[0, 1]")
        @Doc("Share of the steps in which the learning rate rises from zero.")
        double warmup) {}
