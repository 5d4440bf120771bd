package sallyport.supervisor.launch;

import java.io.IOException;
import java.nio.file.Path;
import sallyport.engine.world.Log;
import sallyport.supervisor.config.BadConfiguration;
import sallyport.supervisor.config.FleetSpec;

/// Where the relays that run are described.
interface FleetSource {
    /// The operator's file.
    Path file();

    /// For the log.
    String name();

    /// What shall run now.
    FleetSpec read() throws BadConfiguration, IOException;

    /// The number of the state that was read last; 0 for a file without pools, which is taken over at once.
    int number();

    /// What was read last runs now. Says in the log what the operator should know of that.
    void taken(Log log);
}
