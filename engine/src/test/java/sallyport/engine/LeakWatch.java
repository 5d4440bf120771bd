package sallyport.engine;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Fails a test class that leaked a reference-counted Netty object: after its last test everything
/// unreachable is collected, and what was collected without having been released is reported with where
/// it was last touched. Where classes run side by side it may be the other one that leaked: the report
/// tells where.
///
/// Registered for all tests of the module (`META-INF/services`, `junit-platform.properties`). It installs
/// its detectors before any Netty class asks for one, so it needs leak detection to be `paranoid`, as the
/// build sets it.
public final class LeakWatch implements AfterAllCallback {
    // Ours: a collection that has not told its references after this time is reported as a failure, not waited for.
    private static final Duration COLLECTION_MAX = Duration.ofSeconds(20);

    private static final Queue<String> REPORTS = new ConcurrentLinkedQueue<>();
    private static final List<Detector<?>> DETECTORS = new CopyOnWriteArrayList<>();

    static {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        // A nested class ends before its outer class, whose fields may still hold what it uses.
        if (context.getRequiredTestClass().getEnclosingClass() == null) {
            failIfLeaked();
        }
    }

    /// @throws AssertionError with the reports, if anything leaked since the last call
    static void failIfLeaked() throws InterruptedException {
        collect();
        DETECTORS.forEach(Detector::poll);
        List<String> reports = new ArrayList<>();
        for (String report = REPORTS.poll(); report != null; report = REPORTS.poll()) {
            reports.add(report);
        }
        if (!reports.isEmpty()) {
            throw new AssertionError(reports.size() + " leaked:\n" + String.join("\n", reports));
        }
    }

    /// Two collections, each awaited: references found together reach their queues in no particular order.
    private static void collect() throws InterruptedException {
        for (int round = 0; round < 2; round++) {
            ReferenceQueue<Object> queue = new ReferenceQueue<>();
            WeakReference<Object> sentinel = new WeakReference<>(new Object(), queue);
            System.gc();
            try {
                if (queue.remove(COLLECTION_MAX.toMillis()) == null) {
                    throw new AssertionError("the collector did not run, so leaks cannot be seen");
                }
            } finally {
                Reference.reachabilityFence(sentinel);
            }
        }
    }

    private static final class Factory extends ResourceLeakDetectorFactory {
        @Override
        @SuppressWarnings("deprecation") // Netty's own callers still come through this overload
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval, long maxActive) {
            return newResourceLeakDetector(resource, samplingInterval);
        }

        @Override
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval) {
            Detector<T> detector = new Detector<>(resource, samplingInterval);
            DETECTORS.add(detector);
            return detector;
        }
    }

    private static final class Detector<T> extends ResourceLeakDetector<T> {
        Detector(Class<T> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        /// Takes what the collector found: a detector looks at its queue only when it starts to track
        /// something.
        @SuppressWarnings("unchecked") // a detector reads no more than the identity of what it tracks
        void poll() {
            T tracked = (T) new Object();
            ResourceLeakTracker<T> tracker = track(tracked);
            if (tracker == null) {
                throw new AssertionError("leak detection is off; run with -Dio.netty.leakDetection.level=paranoid");
            }
            tracker.close(tracked);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            REPORTS.add(resourceType + " was never released." + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            REPORTS.add(resourceType + " was never released.");
        }
    }
}
