/// Steering a C tor client: its control port, circuits along a chosen path, the END reasons of its streams.
/// Called by interop tests, benchmarks and the demo.
/// Obeys control-spec; only the commands and events that the lab needs.
@NullMarked
package sallyport.lab.control;

import org.jspecify.annotations.NullMarked;
