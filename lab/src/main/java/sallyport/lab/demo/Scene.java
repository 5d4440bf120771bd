package sallyport.lab.demo;

import java.io.IOException;
import java.io.PrintWriter;

/// Something to see on the stage.
@FunctionalInterface
interface Scene {
    /// Plays it; results go to `out`.
    ///
    /// @return whether everything was as it should be
    boolean play(Stage stage, PrintWriter out) throws IOException, InterruptedException;
}
