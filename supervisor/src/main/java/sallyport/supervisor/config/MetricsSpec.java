package sallyport.supervisor.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/// Where Prometheus asks (C tor's `MetricsPort`).
///
/// @param listen a loopback address
/// @param tokenFile absolute; holds what whoever asks must show
public record MetricsSpec(InetSocketAddress listen, Path tokenFile) {}
