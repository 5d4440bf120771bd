package sallyport.supervisor.metrics;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import sallyport.engine.host.HostReport;
import sallyport.engine.host.LoopReport;
import sallyport.engine.instance.InstanceReport;
import sallyport.engine.limits.BandwidthBudget;
import sallyport.supervisor.budget.DiskUse;
import sallyport.supervisor.metrics.Exposition.MetricType;

/// The ledgers: what relays share, who has how much of it, and how busy those are who work for all.
final class ShareMetrics {
    private final Exposition page;

    private ShareMetrics(Exposition page) {
        this.page = page;
    }

    static void add(Exposition page, HostReport host, List<LoopReport> loops) {
        ShareMetrics metrics = new ShareMetrics(page);
        metrics.gauge("sallyport_memory_held_bytes", "What all relays together hold in queues", host.memoryBytesHeld());
        metrics.gauge("sallyport_sockets_common_free", "Sockets left for whoever comes first", host.fdsFree());
        metrics.gauge("sallyport_circuits_common_free", "Circuits left for whoever comes first", host.circuitsFree());
        if (!host.sharing().bandwidth().equals(BandwidthBudget.NO_LIMIT)) {
            metrics.gauge(
                    "sallyport_bandwidth_limit_bytes_per_second",
                    "What all relays together may read, and write, a second",
                    host.sharing().bandwidth().bytesPerSecond());
            metrics.isShort("read", host.readingShort());
            metrics.isShort("write", host.writingShort());
        }
        for (int i = 0; i < loops.size(); i++) {
            metrics.loop(String.valueOf(i), loops.get(i));
        }
        host.workersWaiting()
                .forEach((kind, waiting) -> page.add(
                        "sallyport_workers_waiting",
                        MetricType.GAUGE,
                        "Works that no thread has begun",
                        waiting,
                        "kind",
                        kind.name().toLowerCase(Locale.ROOT)));
    }

    static void add(Exposition page, HostReport host, DiskUse disk) {
        ShareMetrics metrics = new ShareMetrics(page);
        disk.bytes()
                .forEach((part, bytes) -> page.add(
                        "sallyport_disk_bytes",
                        MetricType.GAUGE,
                        "What lies below the data directory",
                        bytes,
                        "kind",
                        part.word().replace('-', '_')));
        metrics.gauge("sallyport_disk_free_bytes", "What the file system has left", disk.freeBytes());
        metrics.gauge(
                "sallyport_disk_directory_cache_limit_bytes",
                "What consensuses and diffs may have that lie there for clients",
                host.directoryCacheMaxBytes());
    }

    private void isShort(String direction, boolean wanted) {
        page.add(
                "sallyport_bandwidth_short",
                MetricType.GAUGE,
                "1 while relays want more than all of them may",
                wanted ? 1 : 0,
                "direction",
                direction);
    }

    private void loop(String index, LoopReport loop) {
        page.add(
                "sallyport_loop_lag_microseconds",
                MetricType.GAUGE,
                "How long a task has just waited for the event loop",
                TimeUnit.NANOSECONDS.toMicros(loop.lagNanos()),
                "loop",
                index);
        page.add(
                "sallyport_loop_pending_tasks",
                MetricType.GAUGE,
                "Tasks that wait for the event loop",
                loop.pendingTasks(),
                "loop",
                index);
        page.add(
                "sallyport_loop_cells_held",
                MetricType.GAUGE,
                "Cells in the queues of the loop's relays",
                loop.cellsHeld(),
                "loop",
                index);
    }

    /// One relay's.
    static void add(Exposition page, String relay, InstanceReport.Shares shares) {
        ShareMetrics metrics = new ShareMetrics(page);
        String sockets = "sallyport_relay_sockets_share";
        String ofSockets = "Sockets that are guaranteed to the relay, and that it has of the common ones";
        metrics.share(sockets, ofSockets, relay, "guaranteed", shares.fdsGuaranteed());
        metrics.share(sockets, ofSockets, relay, "borrowed", shares.fdsBorrowed());
        String circuits = "sallyport_relay_circuits_share";
        String ofCircuits = "Circuits that are guaranteed to the relay, and that it has of the common ones";
        metrics.share(circuits, ofCircuits, relay, "guaranteed", shares.circuitsGuaranteed());
        metrics.share(circuits, ofCircuits, relay, "borrowed", shares.circuitsBorrowed());
        String skins = "sallyport_relay_onionskins";
        String ofSkins = "Onion skins that wait, and that workers have";
        metrics.share(skins, ofSkins, relay, "waiting", shares.onionSkinsWaiting());
        metrics.share(skins, ofSkins, relay, "at_work", shares.onionSkinsAtWork());
        page.add(
                "sallyport_relay_bandwidth_share_bytes_per_second",
                MetricType.GAUGE,
                "What the relay gets each way when all relays are busy",
                shares.bandwidthBytesPerSecond(),
                "relay",
                relay);
        shares.freedBytes()
                .forEach((kind, bytes) -> page.add(
                        "sallyport_relay_memory_freed_bytes_total",
                        MetricType.COUNTER,
                        "Bytes given back because memory was short",
                        bytes,
                        "relay",
                        relay,
                        "kind",
                        kind.name().toLowerCase(Locale.ROOT)));
    }

    private void share(String name, String help, String relay, String kind, long value) {
        page.add(name, MetricType.GAUGE, help, value, "relay", relay, "kind", kind);
    }

    private void gauge(String name, String help, long value) {
        page.add(name, MetricType.GAUGE, help, value);
    }
}
