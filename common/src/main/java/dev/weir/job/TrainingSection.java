package dev.weir.job;

/**
 * The steps of training.
 *
 * @param steps number of updates
 * @param batchSize samples per step, over all workers
 * @param shards parts that the batch of each step is divided into, the units of work; at most the
 *     batch size
 * @param threads compute threads of each worker
 * @param optimizer the rule of the update
 * @param schedule the learning rate over time
 * @param clipNorm largest Euclidean norm of a step's gradient; 0 for any
 * @param maxSkippedSteps consecutive steps that may be skipped for values that are not finite
 * @param evaluateEvery steps between evaluations during training; 0 for none
 * @param evaluateSamples held-out samples of an evaluation during training, at most; 0 for all
 */
public record TrainingSection(
    @Default("400") @Range("[1, 1000000000]") @Doc("Number of updates.") int steps,
    @Default("32") @Range("[1, 65536]") @Doc("Samples per step, over all workers together.")
        int batchSize,
    @Default("4")
        @Range("[1, 65536]")
        @Doc(
            "Parts that the batch of each step is divided into, at most `batchSize`. They are the"
                + " units of work: as many workers as shards can work at once.")
        int shards,
    @Default("1")
        @Range("[1, 1024]")
        @Doc(
            "Compute threads of each worker. Part of the result: the last bits of the gradients"
                + " depend on it.")
        int threads,
    OptimizerSection optimizer,
    ScheduleSection schedule,
    @Default("0")
        @Range("[0, ∞)")
        @Doc("Largest Euclidean norm of a step's gradient, which is scaled down to it; 0 for any.")
        double clipNorm,
    @Default("5")
        @Range("[0, 1000000000]")
        @Doc(
            "Consecutive steps that may be skipped for values that are not finite before the job"
                + " ends with an error.")
        int maxSkippedSteps,
    @Default("0")
        @Range("[0, 1000000000]")
        @Doc(
            "Steps between evaluations during training, beside it on the coordinator; 0 for none"
                + " but before and after. Changes nothing in the result.")
        int evaluateEvery,
    @Default("0")
        @Range("[0, 1000000000]")
        @Doc(
            "Held-out samples of an evaluation during training, spread evenly, at most; 0 for all."
                + " Before and after, all are used.")
        int evaluateSamples) {}
