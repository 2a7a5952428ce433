//! A document of 20 fields, about 1 KB.

use super::sample;

sample! {
    #[doc = "A document of 20 fields, about 1 KB."]
    Narrow, "narrow", "1 KB", 40;
    f000 f001 f002 f003 f004 f005 f006 f007 f008 f009 f010 f011 f012 f013 f014 f015
    f016 f017 f018
}
