package sallyport.engine.stream;

import org.jspecify.annotations.Nullable;
import sallyport.engine.exit.FarEnd;

/// Serves the directory to streams that were opened with BEGIN_DIR.
public interface DirRequestHandler {
    /// Opens one conversation; the handler calls `onConnected` itself, not before this method has returned.
    /// Null: not served, the stream ends with NOTDIRECTORY.
    @Nullable
    FarEnd open(DirClient client, FarEnd.Events events);
}
