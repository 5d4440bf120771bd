package sallyport.supervisor.doctor;

import java.util.List;
import sallyport.supervisor.config.FleetSpec;

/// One question asked of a machine and the relays that are to run on it.
interface Check {
    /// Nothing where all is well, or where the machine does not say.
    List<Finding> look(FleetSpec fleet, Machine machine);
}
