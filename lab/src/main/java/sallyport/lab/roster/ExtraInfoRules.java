package sallyport.lab.roster;

import java.util.Arrays;

/// Whether an extra-info document is the one that a descriptor names (C tor's
/// routerinfo_incompatible_with_extrainfo), with its words.
final class ExtraInfoRules {
    private ExtraInfoRules() {}

    /// @param extraInfo signed by the descriptor's RSA identity
    static Ruling fit(HeldExtraInfo extraInfo, HeldDescriptor descriptor) {
        if (!Arrays.equals(extraInfo.signingCertificate(), descriptor.signingCertificate())) {
            return Ruling.badExtraInfo("Extrainfo signing key cert didn't match routerinfo");
        }
        int order = extraInfo.published().compareTo(descriptor.published());
        if (order != 0) {
            String words = "Extrainfo published time did not match routerdesc";
            return order < 0 ? Ruling.badExtraInfo(words) : Ruling.alreadyKnown(words);
        }
        byte[] named = descriptor.extraInfoSha256();
        boolean sha256 = named == null || Arrays.equals(named, extraInfo.sha256());
        boolean sha1 = Arrays.equals(descriptor.extraInfoSha1(), extraInfo.sha1());
        if (!sha256 && !sha1) {
            return Ruling.badExtraInfo("Neither digest256 or digest matched digest from routerdesc");
        }
        if (!sha256) {
            return Ruling.badExtraInfo("Extrainfo digest did not match digest256 from routerdesc");
        }
        return sha1 ? Ruling.ADDED : Ruling.badExtraInfo("Extrainfo digest did not match value from routerdesc");
    }
}
