package sallyport.engine.link;

import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import java.lang.reflect.Field;

/// Reads tcnative's own handle of a context: a protected field of Netty's class. Its public accessors return
/// BoringSSL's pointer instead, and handing that one to tcnative kills the process.
final class TcnativeHandle {
    private TcnativeHandle() {}

    /// @throws ReflectiveOperationException when this Netty has no such field
    static long of(ReferenceCountedOpenSslContext context) throws ReflectiveOperationException {
        Field field = ReferenceCountedOpenSslContext.class.getDeclaredField("ctx");
        if (field.getType() != long.class) {
            throw new NoSuchFieldException("ctx");
        }
        field.setAccessible(true);
        return field.getLong(context);
    }
}
