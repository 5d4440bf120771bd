package sallyport.supervisor.launch;

import java.nio.file.Path;
import sallyport.engine.world.Log;
import sallyport.supervisor.config.BadConfiguration;
import sallyport.supervisor.config.ConfigReader;
import sallyport.supervisor.config.FleetSpec;

/// A file with `relays`, which runs as it stands there.
record FileSource(Path file) implements FleetSource {
    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public FleetSpec read() throws BadConfiguration {
        return new ConfigReader().read(file);
    }

    @Override
    public int number() {
        return 0;
    }

    @Override
    public void taken(Log log) {
        // The file is what runs; there is nothing beside it.
    }
}
