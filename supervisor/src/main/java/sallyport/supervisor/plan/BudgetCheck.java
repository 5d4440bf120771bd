package sallyport.supervisor.plan;

import java.util.Optional;
import sallyport.supervisor.budget.Needs;
import sallyport.supervisor.config.ConfigValues;
import sallyport.supervisor.config.FleetSpec;
import sallyport.supervisor.config.Problem;

/// Budgets that no machine of this size can have. What is merely short at the moment is a warning of the plan.
public final class BudgetCheck {
    private static final String KEY = "process.memory-in-queues-max";

    private BudgetCheck() {}

    /// @param memoryBytes all of the machine's; 0 when it is not known
    public static Optional<Problem> of(FleetSpec fleet, ConfigValues values, long memoryBytes) {
        long asked = fleet.process().memoryInQueuesMaxBytes();
        long idle = new Needs(fleet.relays().size()).idleBytes();
        if (memoryBytes == 0 || asked == 0 || asked + idle <= memoryBytes) {
            return Optional.empty();
        }
        long left = memoryBytes - idle;
        return Optional.of(values.problem(
                KEY,
                "is " + (asked >> 20) + " MiB, which with " + (idle >> 20) + " MiB for "
                        + Planner.relays(fleet.relays().size()) + " without traffic is more than the "
                        + (memoryBytes >> 20)
                        + " MiB of this machine",
                left > 0
                        ? "write " + (left >> 20) + " MiB or less, have fewer relays, or more memory"
                        : "have fewer relays, or more memory"));
    }
}
