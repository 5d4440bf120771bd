package sallyport.engine.descriptor;

import java.util.List;
import java.util.function.Predicate;
import sallyport.engine.directory.Authority;
import sallyport.engine.directory.UploadResult;

/// How a descriptor gets to the authorities.
@FunctionalInterface
public interface DescriptorUpload {
    /// Posts to those voting authorities that `to` names, in parallel, and waits for all of them.
    /// @param body descriptor and extra-info
    /// @param reason a constant text for `X-Desc-Gen-Reason`
    List<UploadResult> upload(byte[] body, String reason, Predicate<Authority> to) throws InterruptedException;
}
