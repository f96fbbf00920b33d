//! Numbers, kinds and names.

/// How a parameter's value is on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One byte.
    Byte,
    /// Two bytes.
    Word,
    /// Four bytes.
    Dword,
    /// GBK.
    Text,
    /// An array.
    Bytes,
}

/// What a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its number.
    pub id: u32,
    /// How it is on the wire.
    pub kind: Kind,
    /// Its name in JSON and forms.
    pub name: &'static str,
    /// The unit or the meaning of its values.
    pub unit: &'static str,
}

const fn row(id: u32, kind: Kind, name: &'static str, unit: &'static str) -> Parameter {
    Parameter { id, kind, name, unit }
}

/// The parameter of a number, when the standard has one.
pub fn find(id: u32) -> Option<&'static Parameter> {
    // 0x0111 to 0x01ff sample further ids of the CAN bus, as 0x0110 does.
    let id = if (0x0111..=0x01ff).contains(&id) { 0x0110 } else { id };
    TABLE.binary_search_by_key(&id, |parameter| parameter.id).ok().and_then(|at| TABLE.get(at))
}

/// All parameters of the standard, by number. Makers' own begin at 0xf000; those of video are JT/T 1078's.
pub const TABLE: &[Parameter] = &[
    row(0x0001, Kind::Dword, "heartbeat_interval", "s"),
    row(0x0002, Kind::Dword, "tcp_timeout", "s"),
    row(0x0003, Kind::Dword, "tcp_retries", "count"),
    row(0x0004, Kind::Dword, "udp_timeout", "s"),
    row(0x0005, Kind::Dword, "udp_retries", "count"),
    row(0x0006, Kind::Dword, "sms_timeout", "s"),
    row(0x0007, Kind::Dword, "sms_retries", "count"),
    row(0x0010, Kind::Text, "apn", ""),
    row(0x0011, Kind::Text, "apn_user", ""),
    row(0x0012, Kind::Text, "apn_password", ""),
    row(0x0013, Kind::Text, "server", ""),
    row(0x0014, Kind::Text, "backup_apn", ""),
    row(0x0015, Kind::Text, "backup_apn_user", ""),
    row(0x0016, Kind::Text, "backup_apn_password", ""),
    row(0x0017, Kind::Text, "backup_server", ""),
    row(0x0018, Kind::Dword, "tcp_port", ""),
    row(0x0019, Kind::Dword, "udp_port", ""),
    row(0x001a, Kind::Text, "card_server", ""),
    row(0x001b, Kind::Dword, "card_server_tcp_port", ""),
    row(0x001c, Kind::Dword, "card_server_udp_port", ""),
    row(0x001d, Kind::Text, "card_backup_server", ""),
    row(0x0020, Kind::Dword, "report_strategy", "0 interval, 1 distance, 2 both"),
    row(0x0021, Kind::Dword, "report_scheme", "0 ignition, 1 login, then ignition"),
    row(0x0022, Kind::Dword, "interval_without_driver", "s"),
    row(0x0023, Kind::Text, "secondary_apn", ""),
    row(0x0024, Kind::Text, "secondary_apn_user", ""),
    row(0x0025, Kind::Text, "secondary_apn_password", ""),
    row(0x0026, Kind::Text, "secondary_server", ""),
    row(0x0027, Kind::Dword, "interval_asleep", "s"),
    row(0x0028, Kind::Dword, "interval_in_emergency", "s"),
    row(0x0029, Kind::Dword, "interval", "s"),
    row(0x002c, Kind::Dword, "distance", "m"),
    row(0x002d, Kind::Dword, "distance_without_driver", "m"),
    row(0x002e, Kind::Dword, "distance_asleep", "m"),
    row(0x002f, Kind::Dword, "distance_in_emergency", "m"),
    row(0x0030, Kind::Dword, "turn_angle", "degrees"),
    row(0x0031, Kind::Word, "illegal_move_radius", "m"),
    row(0x0032, Kind::Bytes, "forbidden_hours", "hour, minute, hour, minute"),
    row(0x0040, Kind::Text, "platform_phone", ""),
    row(0x0041, Kind::Text, "reset_phone", ""),
    row(0x0042, Kind::Text, "restore_phone", ""),
    row(0x0043, Kind::Text, "platform_sms_phone", ""),
    row(0x0044, Kind::Text, "alarm_sms_phone", ""),
    row(0x0045, Kind::Dword, "answer_strategy", "0 always, 1 with ignition"),
    row(0x0046, Kind::Dword, "longest_call", "s"),
    row(0x0047, Kind::Dword, "longest_calls_a_month", "s"),
    row(0x0048, Kind::Text, "listening_phone", ""),
    row(0x0049, Kind::Text, "privileged_sms_phone", ""),
    row(0x0050, Kind::Dword, "alarm_mask", "bits"),
    row(0x0051, Kind::Dword, "alarm_sms", "bits"),
    row(0x0052, Kind::Dword, "alarm_photo", "bits"),
    row(0x0053, Kind::Dword, "alarm_photo_store", "bits"),
    row(0x0054, Kind::Dword, "alarm_key", "bits"),
    row(0x0055, Kind::Dword, "top_speed", "km/h"),
    row(0x0056, Kind::Dword, "overspeed_duration", "s"),
    row(0x0057, Kind::Dword, "driving_limit", "s"),
    row(0x0058, Kind::Dword, "driving_limit_a_day", "s"),
    row(0x0059, Kind::Dword, "shortest_rest", "s"),
    row(0x005a, Kind::Dword, "longest_parking", "s"),
    row(0x005b, Kind::Word, "overspeed_warning", "0.1 km/h"),
    row(0x005c, Kind::Word, "fatigue_warning", "s"),
    row(0x005d, Kind::Word, "collision", "bits 0-7 4 ms, bits 8-15 0.1 g"),
    row(0x005e, Kind::Word, "roll_over", "degrees"),
    row(0x0064, Kind::Dword, "photo_by_time", "bits"),
    row(0x0065, Kind::Dword, "photo_by_distance", "bits"),
    row(0x0070, Kind::Dword, "image_quality", "1 best to 10"),
    row(0x0071, Kind::Dword, "brightness", "0 to 255"),
    row(0x0072, Kind::Dword, "contrast", "0 to 127"),
    row(0x0073, Kind::Dword, "saturation", "0 to 127"),
    row(0x0074, Kind::Dword, "chroma", "0 to 255"),
    row(0x0080, Kind::Dword, "odometer", "0.1 km"),
    row(0x0081, Kind::Word, "province", ""),
    row(0x0082, Kind::Word, "city", ""),
    row(0x0083, Kind::Text, "plate", ""),
    row(0x0084, Kind::Byte, "plate_color", "JT/T 415"),
    row(0x0090, Kind::Byte, "gnss_mode", "bits"),
    row(0x0091, Kind::Byte, "gnss_baud_rate", "0 4800 to 5 115200"),
    row(0x0092, Kind::Byte, "gnss_output_rate", "0 500 ms, 1 1 s, 2 2 s, 3 3 s, 4 4 s"),
    row(0x0093, Kind::Dword, "gnss_sample_interval", "s"),
    row(0x0094, Kind::Byte, "gnss_upload_mode", ""),
    row(0x0095, Kind::Dword, "gnss_upload_setting", ""),
    row(0x0100, Kind::Dword, "can1_sample_interval", "ms"),
    row(0x0101, Kind::Word, "can1_upload_interval", "s"),
    row(0x0102, Kind::Dword, "can2_sample_interval", "ms"),
    row(0x0103, Kind::Word, "can2_upload_interval", "s"),
    row(0x0110, Kind::Bytes, "can_id_sampling", ""),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_names_are_one() {
        assert!(TABLE.windows(2).all(|pair| pair[0].id < pair[1].id));
        let mut names: Vec<_> = TABLE.iter().map(|parameter| parameter.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TABLE.len());
        assert_eq!(find(0x0055).map(|parameter| parameter.name), Some("top_speed"));
        assert_eq!(find(0x0111).map(|parameter| parameter.name), Some("can_id_sampling"));
        assert_eq!(find(0xf365), None);
    }
}
