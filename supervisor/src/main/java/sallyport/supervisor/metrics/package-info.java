/// What the relays of the process do, for Prometheus: one endpoint for all, with the names, labels and types of C tor's
/// MetricsPort and the label `relay`, and names of our own that begin with `sallyport_`.
/// Called by `launch`; asks the relays through `admin.Operations`. HTTP is the JDK's server.
/// Obeys the text format 0.0.4 of Prometheus; no Tor section.
@NullMarked
package sallyport.supervisor.metrics;

import org.jspecify.annotations.NullMarked;
