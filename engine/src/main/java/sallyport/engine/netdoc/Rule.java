package sallyport.engine.netdoc;

/// What a document's syntax says of one keyword: how often it stands, with how many arguments, with which object.
record Rule(String keyword, int countMin, int countMax, int argumentsMin, ObjectRule object, Place place) {
    enum ObjectRule {
        FORBIDDEN,
        NEEDED,
        /// An object of type "RSA PUBLIC KEY".
        KEY_NEEDED,
        /// Nothing, or an object of type "RSA PUBLIC KEY".
        KEY_ALLOWED
    }

    enum Place {
        ANY,
        FIRST,
        LAST
    }

    static Rule once(String keyword, int argumentsMin) {
        return new Rule(keyword, 1, 1, argumentsMin, ObjectRule.FORBIDDEN, Place.ANY);
    }

    static Rule atMostOnce(String keyword, int argumentsMin) {
        return new Rule(keyword, 0, 1, argumentsMin, ObjectRule.FORBIDDEN, Place.ANY);
    }

    static Rule atLeastOnce(String keyword, int argumentsMin) {
        return new Rule(keyword, 1, Integer.MAX_VALUE, argumentsMin, ObjectRule.FORBIDDEN, Place.ANY);
    }

    static Rule any(String keyword, int argumentsMin) {
        return new Rule(keyword, 0, Integer.MAX_VALUE, argumentsMin, ObjectRule.FORBIDDEN, Place.ANY);
    }

    Rule with(ObjectRule objectRule) {
        return new Rule(keyword, countMin, countMax, argumentsMin, objectRule, place);
    }

    Rule at(Place where) {
        return new Rule(keyword, countMin, countMax, argumentsMin, object, where);
    }
}
